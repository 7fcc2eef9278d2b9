package dev.pabal.cli.amqp;

import dev.pabal.cli.client.Assignments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments and headers as they are typed: digits are a number, true and false are that, quotes make anything a text. */
public final class ArgumentValues {
    private ArgumentValues() {}

    /** @throws dev.pabal.cli.client.CommandFailure where one is not of the form {@code key=value} */
    public static Map<String, Object> parse(String option, List<String> assignments) {
        Map<String, Object> typed = new LinkedHashMap<>();
        Assignments.parse(option, assignments).forEach((key, value) -> typed.put(key, typed(value)));
        return typed;
    }

    private static Object typed(String text) {
        if (text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        } else if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        } else if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            return text.substring(1, text.length() - 1);
        }
        return text;
    }
}
