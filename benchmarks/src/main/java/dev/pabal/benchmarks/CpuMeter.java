package dev.pabal.benchmarks;

import java.io.IOException;

/**
 * What a piece of work costs in CPU-seconds, counted twice: what the broker's process used, and what the whole machine used less its
 * clients, up to a final sync, so that write-back by the kernel on the broker's behalf is counted too.
 */
final class CpuMeter {
    private CpuMeter() {}

    record Cost(double brokerSeconds, double machineLessClientsSeconds) {}

    /** Work on a broker, in clients that have ended when it returns. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    static Cost measure(Broker broker, Work work) throws IOException {
        Machine.settle();
        double brokerBefore = broker.cpuSeconds();
        double machineBefore = Machine.busySeconds();
        double clientsBefore = Machine.ownAndEndedChildrenSeconds();
        work.run();
        Machine.settle();
        double brokerUsed = broker.cpuSeconds() - brokerBefore;
        double clientsUsed = Machine.ownAndEndedChildrenSeconds() - clientsBefore;
        double machineUsed = Machine.busySeconds() - machineBefore;
        return new Cost(brokerUsed, machineUsed - clientsUsed);
    }
}
