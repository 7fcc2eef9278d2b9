package dev.pabal.log.seam;

/** Time as an argument: injected everywhere, read from the system in one place only. */
public interface Clock {
    /** Milliseconds since 1970, as people and record timestamps know it; may jump. */
    long wallMs();

    /** Nanoseconds of a clock that never goes back, for durations and deadlines. */
    long monotonicNs();

    /** The machine's own clocks. */
    Clock SYSTEM = new Clock() {
        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNs() {
            return System.nanoTime();
        }
    };
}
