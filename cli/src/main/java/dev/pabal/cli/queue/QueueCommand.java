package dev.pabal.cli.queue;

import picocli.CommandLine.Command;

/** The root of what can be done with queues. */
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        description = "Creates, lists, describes, deletes and purges queues, looks into them, moves their messages.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QueueCreateCommand.class,
            QueueListCommand.class,
            QueueDescribeCommand.class,
            QueueDeleteCommand.class,
            QueuePurgeCommand.class,
            QueuePeekCommand.class,
            QueueMoveCommand.class
        },
        footer = {
            "",
            "create, delete, purge and move speak AMQP (--server); list, describe and peek ask the management API (--http).",
            "",
            "Examples:",
            "  pabal queue create orders --dead-letter-exchange failed --delivery-limit 5",
            "  pabal queue list"
        })
public final class QueueCommand {}
