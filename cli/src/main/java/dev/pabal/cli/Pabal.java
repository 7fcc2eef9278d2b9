package dev.pabal.cli;

import dev.pabal.cli.start.StartProgram;
import java.util.Arrays;
import java.util.List;

/** Entry of the program. {@code start} goes its own short way; everything else is picocli's. */
public final class Pabal {
    private Pabal() {}

    public static void main(String[] arguments) {
        List<String> all = Arrays.asList(arguments);
        if (!all.isEmpty() && all.get(0).equals("start") && !asksForHelp(all)) {
            StartProgram.run(all.subList(1, all.size()));
        } else {
            System.exit(PabalCommand.execute(arguments));
        }
    }

    private static boolean asksForHelp(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h");
    }
}
