package dev.pabal.cli.bench;

import picocli.CommandLine.Command;

/** The root of the load generators. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Loads a broker and says how much it took and how fast it answered.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchProduceCommand.class, BenchConsumeCommand.class},
        footer = {
            "",
            "Examples:",
            "  pabal bench produce load --records 1000000 --size 1024 --partitions 6",
            "  pabal bench consume load --records 1000000"
        })
public final class BenchCommand {}
