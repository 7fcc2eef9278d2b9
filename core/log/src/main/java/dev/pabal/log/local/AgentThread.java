package dev.pabal.log.local;

import java.util.concurrent.locks.LockSupport;

/** Drives an agent. After work it looks for more for a short while before it sleeps; {@link #wake} ends the sleep. */
final class AgentThread {
    private final Agent agent;
    private final Thread thread;
    private final long spinNs;
    private volatile boolean asleep;
    private volatile boolean stopped;

    AgentThread(String name, Agent agent, long spinNs, Thread.UncaughtExceptionHandler failed) {
        this.agent = agent;
        this.spinNs = spinNs;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler(failed);
    }

    void start() {
        thread.start();
    }

    /** There may be something to do. Any thread. */
    void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!stopped) {
            long beganNs = System.nanoTime();
            if (!agent.doWork()) {
                if (!spin()) {
                    sleep();
                }
            } else {
                gather(System.nanoTime() - beganNs);
            }
        }
    }

    private boolean spin() {
        if (spinNs == 0) {
            return false;
        }
        long start = System.nanoTime();
        do {
            if (agent.hasWork()) {
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - start < spinNs);
        return false;
    }

    private void sleep() {
        asleep = true;
        if (!stopped && !agent.hasWork()) {
            LockSupport.parkNanos(this, agent.idleNs());
        }
        asleep = false;
        // An interrupt is nobody's way to stop this thread, and would close the files that it works on.
        Thread.interrupted();
    }

    /** What was waited for has come. Any thread. */
    void hurry() {
        LockSupport.unpark(thread);
    }

    /** Only {@link #hurry} ends this sleep, and it is short. */
    private void gather(long workedNs) {
        long gatherNs = agent.gatherNs();
        if (gatherNs > 0 && workedNs > gatherNs) {
            LockSupport.parkNanos(this, gatherNs);
            Thread.interrupted();
        }
    }

    /** Stops the thread after its current step and waits for it. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
