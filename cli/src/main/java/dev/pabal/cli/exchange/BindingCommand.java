package dev.pabal.cli.exchange;

import picocli.CommandLine.Command;

/** The root of what can be done with bindings. */
@Command(
        name = "binding",
        mixinStandardHelpOptions = true,
        description = "Creates, lists and deletes bindings: which messages of an exchange go where.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BindingCreateCommand.class, BindingListCommand.class, BindingDeleteCommand.class},
        footer = {
            "",
            "create and delete speak AMQP (--server); list asks the management API (--http).",
            "",
            "Examples:",
            "  pabal binding create events audit --key 'order.#'",
            "  pabal binding list events"
        })
public final class BindingCommand {}
