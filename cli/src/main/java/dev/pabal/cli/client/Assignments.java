package dev.pabal.cli.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads options of the form {@code key=value}. */
public final class Assignments {
    private Assignments() {}

    /**
     * @param option the option's name, for the message
     * @param assignments the values as typed
     * @throws CommandFailure where one is not of the form
     */
    public static Map<String, String> parse(String option, List<String> assignments) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new CommandFailure(CommandFailure.USAGE, option + " takes key=value, not '" + assignment + "'.");
            }
            parsed.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return parsed;
    }
}
