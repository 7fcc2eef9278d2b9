package dev.pabal.cli.group;

import picocli.CommandLine.Command;

/** The root of what can be done with consumer groups. */
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        description = "Lists, describes, resets and deletes consumer groups.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GroupListCommand.class,
            GroupDescribeCommand.class,
            GroupResetCommand.class,
            GroupDeleteCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  pabal group describe billing",
            "  pabal group reset billing --topic orders --to-beginning"
        })
public final class GroupCommand {}
