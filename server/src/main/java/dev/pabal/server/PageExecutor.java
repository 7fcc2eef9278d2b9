package dev.pabal.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for pages that take a while; it comes with the first such page and goes after a minute without one. */
final class PageExecutor implements Executor, AutoCloseable {
    private static final int MAX_WAITING = 64;
    private static final int IDLE_SECONDS = 60;

    private final ThreadPoolExecutor pool;

    PageExecutor() {
        pool = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "pabal-pages");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
