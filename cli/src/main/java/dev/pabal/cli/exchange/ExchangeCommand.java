package dev.pabal.cli.exchange;

import picocli.CommandLine.Command;

/** The root of what can be done with exchanges. */
@Command(
        name = "exchange",
        mixinStandardHelpOptions = true,
        description = "Creates, lists, describes and deletes exchanges.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ExchangeCreateCommand.class,
            ExchangeListCommand.class,
            ExchangeDescribeCommand.class,
            ExchangeDeleteCommand.class
        },
        footer = {
            "",
            "create and delete speak AMQP (--server); list and describe ask the management API (--http).",
            "",
            "Examples:",
            "  pabal exchange create events --type topic",
            "  pabal exchange describe events"
        })
public final class ExchangeCommand {}
