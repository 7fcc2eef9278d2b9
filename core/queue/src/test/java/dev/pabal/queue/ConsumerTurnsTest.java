package dev.pabal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who is next, compared with a list that is searched from its start. */
class ConsumerTurnsTest {
    /** A consumer of the model. */
    private static final class Waiter {
        int number;
        int priority;
        int credit;
        boolean paused;

        boolean canTake() {
            return credit > 0 && !paused;
        }
    }

    @Test
    void turnsGoAroundAmongTheReadyOfTheHighestPriority() {
        long seed = Long.getLong("pabal.seed", new Random().nextInt(1 << 30));
        System.out.println("turns of consumers: seed " + seed);
        for (int run = 0; run < 50; run++) {
            compare(new Random(seed + run), run % 3 == 0 ? 2 : 40);
        }
    }

    private static void compare(Random random, int most) {
        Dispatcher turns = new ConsumerTurns(false);
        List<Waiter> all = new ArrayList<>();
        // those that can take a message, in the order of their turns
        List<Waiter> ready = new ArrayList<>();
        for (int step = 0; step < 2000; step++) {
            Waiter one = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
            int what = random.nextInt(10);
            if (what == 0 && all.size() < most) {
                Waiter added = new Waiter();
                added.number = step * 64;
                added.priority = random.nextInt(4) - 1;
                added.credit = random.nextInt(3);
                all.add(added);
                turns.add(added.number, added.priority, added.credit);
                settle(added, ready);
            } else if (what == 1 && one != null && random.nextInt(3) == 0) {
                turns.remove(one.number);
                all.remove(one);
                ready.remove(one);
            } else if (what == 2 && one != null) {
                one.paused = random.nextBoolean();
                turns.pause(one.number, one.paused);
                settle(one, ready);
            } else if (what < 6 && one != null) {
                one.credit++;
                turns.credit(one.number, 1);
                settle(one, ready);
            } else if (!ready.isEmpty()) {
                Waiter served = next(ready);
                assertThat(turns.next()).isEqualTo(served.number);
                turns.delivered(served.number);
                served.credit--;
                ready.remove(served);
                settle(served, ready);
            }
            assertThat(turns.next()).isEqualTo(ready.isEmpty() ? -1 : next(ready).number);
            assertThat(turns.size()).isEqualTo(all.size());
            if (one != null) {
                assertThat(turns.isServed(one.number)).isEqualTo(ready.contains(one));
            }
        }
    }

    private static void settle(Waiter one, List<Waiter> ready) {
        if (!one.canTake()) {
            ready.remove(one);
        } else if (!ready.contains(one)) {
            ready.add(one);
        }
    }

    private static Waiter next(List<Waiter> ready) {
        Waiter best = ready.get(0);
        for (Waiter one : ready) {
            best = one.priority > best.priority ? one : best;
        }
        return best;
    }

    @Test
    void theActiveConsumerIsFollowedByTheHighestPriority() {
        Dispatcher turns = new ConsumerTurns(true);
        turns.add(7, 0, 1);
        turns.add(8, 1, 1);
        turns.add(9, 1, 1);
        assertThat(turns.next()).isEqualTo(7);
        assertThat(turns.isServed(7)).isTrue();
        assertThat(turns.isServed(8)).as("another is active").isFalse();
        turns.delivered(7);
        assertThat(turns.next()).isEqualTo(-1);
        turns.remove(7);
        assertThat(turns.active()).isEqualTo(8);
        assertThat(turns.next()).isEqualTo(8);
    }
}
