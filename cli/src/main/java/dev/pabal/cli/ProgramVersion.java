package dev.pabal.cli;

import picocli.CommandLine;

/** The version that the build wrote into the jar's manifest. */
final class ProgramVersion implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return new String[] {"pabal " + (version == null ? "(not packaged)" : version) + " on Java " + Runtime.version()
        };
    }
}
