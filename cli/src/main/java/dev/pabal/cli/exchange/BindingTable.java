package dev.pabal.cli.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pabal.cli.amqp.Fields;
import dev.pabal.cli.client.Table;
import java.io.PrintWriter;

/** Bindings as they are printed. */
final class BindingTable {
    private final Table table = new Table("EXCHANGE", "KEY", "LEADS TO", "ARGUMENTS");

    /** Adds a binding as the management API gives it. */
    void add(JsonNode binding) {
        String source = binding.path("source").asText();
        table.row(
                source.isEmpty() ? "(default exchange)" : source,
                Fields.text(binding, "routing_key"),
                Fields.text(binding, "destination_type") + " " + Fields.text(binding, "destination"),
                Fields.assignments(binding.path("arguments")));
    }

    void print(PrintWriter out) {
        table.print(out);
    }
}
