package dev.pabal.cli;

import dev.pabal.cli.start.StartCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the subcommands. */
@Command(
        name = "pabal",
        description = "One broker, one log, every protocol.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StartCommand.class})
public final class PabalCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command that the arguments name and returns what the process is to exit with. */
    static int execute(String[] arguments) {
        CommandLine commandLine = new CommandLine(new PabalCommand());
        return commandLine.execute(arguments);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "A command is missing; './pabal --help' lists them, './pabal start' starts a broker.");
    }
}
