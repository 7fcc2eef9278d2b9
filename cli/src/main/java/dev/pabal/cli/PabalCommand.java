package dev.pabal.cli;

import dev.pabal.cli.bench.BenchCommand;
import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Failures;
import dev.pabal.cli.group.GroupCommand;
import dev.pabal.cli.logging.PabalLogging;
import dev.pabal.cli.record.ConsumeCommand;
import dev.pabal.cli.record.ProduceCommand;
import dev.pabal.cli.start.StartCommand;
import dev.pabal.cli.topic.TopicCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the subcommands. */
@Command(
        name = "pabal",
        description = "One broker, one log, every protocol.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StartCommand.class,
            TopicCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            GroupCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  pabal start                           a broker on an embedded store in ./data",
            "  pabal produce orders < orders.txt     sends a file's lines",
            "  pabal consume orders --follow         prints what comes",
            "",
            "Each command has its own --help. 'pabal prepare' makes the archive that speeds up starts now."
        })
public final class PabalCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command that the arguments name and returns what the process is to exit with. */
    static int execute(String[] arguments) {
        PabalLogging.silenceClients();
        return commandLine().execute(arguments);
    }

    /** All commands, with errors told in one sentence. */
    public static CommandLine commandLine() {
        return new CommandLine(new PabalCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setExitCodeExceptionMapper(PabalCommand::exitCode)
                .setParameterExceptionHandler(PabalCommand::wrongUsage)
                .setExecutionExceptionHandler(PabalCommand::failed);
    }

    private static int exitCode(Throwable failure) {
        return failure instanceof CommandFailure known ? known.exitCode() : CommandFailure.FAILED;
    }

    private static int wrongUsage(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println("pabal: " + sentence(wrong) + " '"
                        + command.getCommandSpec().qualifiedName() + " --help' shows the options and examples.");
        return CommandFailure.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("pabal: " + Failures.sentence(failure));
        return exitCode(failure);
    }

    private static String sentence(Exception wrong) {
        String message = String.valueOf(wrong.getMessage()).strip();
        return message.endsWith(".") ? message : message + ".";
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
    }
}
