package dev.pabal.cli.topic;

import picocli.CommandLine.Command;

/** The root of what can be done with topics. */
@Command(
        name = "topic",
        mixinStandardHelpOptions = true,
        description = "Creates, lists, describes, alters and deletes topics.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TopicCreateCommand.class,
            TopicListCommand.class,
            TopicDescribeCommand.class,
            TopicAlterCommand.class,
            TopicDeleteCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  pabal topic create orders --partitions 6 --set retention.ms=86400000",
            "  pabal topic describe orders"
        })
public final class TopicCommand {}
