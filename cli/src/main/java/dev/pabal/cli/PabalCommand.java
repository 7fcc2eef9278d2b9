package dev.pabal.cli;

import dev.pabal.cli.amqp.AmqpFailures;
import dev.pabal.cli.bench.BenchCommand;
import dev.pabal.cli.client.CommandFailure;
import dev.pabal.cli.client.Failures;
import dev.pabal.cli.exchange.BindingCommand;
import dev.pabal.cli.exchange.ExchangeCommand;
import dev.pabal.cli.group.GroupCommand;
import dev.pabal.cli.logging.PabalLogging;
import dev.pabal.cli.message.GetCommand;
import dev.pabal.cli.message.PublishCommand;
import dev.pabal.cli.queue.QueueCommand;
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
            QueueCommand.class,
            ExchangeCommand.class,
            BindingCommand.class,
            PublishCommand.class,
            GetCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  pabal start                           a broker on an embedded store in ./data",
            "  pabal produce orders < orders.txt     sends a file's lines",
            "  pabal consume orders --follow         prints what comes",
            "  pabal queue create jobs               a queue, for AMQP and Kafka alike",
            "  pabal publish jobs < jobs.txt         puts a file's lines into it",
            "  pabal get jobs                        takes them out again",
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
        String ofAmqp = AmqpFailures.sentence(failure);
        command.getErr().println("pabal: " + (ofAmqp == null ? Failures.sentence(failure) : ofAmqp));
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
