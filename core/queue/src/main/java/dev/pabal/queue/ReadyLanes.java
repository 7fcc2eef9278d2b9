package dev.pabal.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Messages that are ready and not at the cursor: those that came back, and those with a priority. One set of offsets per priority. */
final class ReadyLanes {
    private @Nullable OffsetSet[] lanes = new OffsetSet[1];
    private int highest = -1;
    private long size;

    long size() {
        return size;
    }

    void add(int lane, long offset) {
        if (lane(lane).add(offset)) {
            size++;
            highest = Math.max(highest, lane);
        }
    }

    void addRange(int lane, long from, long to) {
        OffsetSet set = lane(lane);
        long before = set.size();
        set.addRange(from, to);
        size += set.size() - before;
        highest = Math.max(highest, lane);
    }

    boolean remove(int lane, long offset) {
        OffsetSet set = lane < lanes.length ? lanes[lane] : null;
        if (set == null || !set.remove(offset)) {
            return false;
        }
        size--;
        return true;
    }

    /** Takes out whatever lies in a range, in all lanes. */
    void removeRange(long from, long to) {
        for (OffsetSet lane : lanes) {
            if (lane != null) {
                size -= lane.removeRange(from, to);
            }
        }
    }

    void removeRange(int lane, long from, long to) {
        size -= set(lane).removeRange(from, to);
    }

    /** The highest lane that is not empty, -1 where all are. */
    int highest() {
        while (highest >= 0 && set(highest).isEmpty()) {
            highest--;
        }
        return highest;
    }

    /** The set of a lane that was in use. */
    OffsetSet set(int lane) {
        OffsetSet set = lane < lanes.length ? lanes[lane] : null;
        return set == null ? lane(lane) : set;
    }

    void clear() {
        for (OffsetSet lane : lanes) {
            if (lane != null) {
                lane.clear();
            }
        }
        size = 0;
        highest = -1;
    }

    private OffsetSet lane(int lane) {
        if (lane >= lanes.length) {
            lanes = Arrays.copyOf(lanes, lane + 1);
        }
        OffsetSet set = lanes[lane];
        if (set == null) {
            set = new OffsetSet();
            lanes[lane] = set;
        }
        return set;
    }
}
