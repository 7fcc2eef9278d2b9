package dev.pabal.sqs.action;

import dev.pabal.broker.queue.Receipts;
import dev.pabal.sqs.wire.Parameters;
import dev.pabal.sqs.wire.ReplyWriter;
import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a batch request, what became of each, and the reply that says so: those that succeeded and those that failed, each with its
 * id. Filled by one thread at a time.
 */
final class BatchEntries implements Reply {
    private static final int MAX_ENTRIES = 10;
    private static final int MAX_ID_LENGTH = 80;

    private final List<Parameters> entries;
    private final String resultXmlName;
    private final List<@Nullable SqsException> failures = new ArrayList<>(MAX_ENTRIES);
    private final List<@Nullable Members> successes = new ArrayList<>(MAX_ENTRIES);

    /** What a success says beyond its id. */
    interface Members {
        Members NONE = out -> {};

        void write(ReplyWriter out);
    }

    /**
     * Takes the entries of a request, if their number and their ids are as they should be.
     *
     * @param action as clients say it: {@code DeleteMessageBatch}
     */
    BatchEntries(Parameters request, String action) {
        List<Parameters> given = request.structures("Entries");
        if (given == null || given.isEmpty()) {
            throw new SqsException(
                    SqsError.EMPTY_BATCH_REQUEST,
                    "There should be at least one " + action + "RequestEntry in the request.");
        }
        if (given.size() > MAX_ENTRIES) {
            throw new SqsException(
                    SqsError.TOO_MANY_ENTRIES,
                    "Maximum number of entries per request are " + MAX_ENTRIES + ". You have sent " + given.size()
                            + ".");
        }
        entries = given;
        resultXmlName = action + "ResultEntry";
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < size(); i++) {
            checkId(id(i));
            failures.add(null);
            successes.add(null);
        }
        for (int i = 0; i < size(); i++) {
            if (!ids.add(id(i))) {
                throw new SqsException(SqsError.BATCH_ENTRY_IDS_NOT_DISTINCT, "Id " + id(i) + " repeated.");
            }
        }
    }

    private static void checkId(String id) {
        boolean good = !id.isEmpty() && id.length() <= MAX_ID_LENGTH;
        for (int i = 0; good && i < id.length(); i++) {
            char c = id.charAt(i);
            good = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        if (!good) {
            throw new SqsException(
                    SqsError.INVALID_BATCH_ENTRY_ID,
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                            + "It can be at most 80 letters long.");
        }
    }

    int size() {
        return entries.size();
    }

    /**
     * Carries out what the entries ask for, all that are good together.
     *
     * @param read makes something of one entry: null where nothing is left to do, which is a success; an {@link SqsException} fails that entry alone
     * @param perform carries out what was read, and says what became of each, in the same order
     * @param refusal what an outcome means to the client, null for success
     */
    <T> CompletableFuture<Reply> perform(
            Function<Parameters, @Nullable T> read,
            Function<List<T>, CompletableFuture<List<Receipts.Outcome>>> perform,
            BiFunction<T, Receipts.Outcome, @Nullable SqsException> refusal) {
        List<T> wanted = new ArrayList<>(size());
        int[] entryOf = new int[size()];
        for (int i = 0; i < size(); i++) {
            try {
                T one = read.apply(get(i));
                if (one == null) {
                    succeeded(i, Members.NONE);
                } else {
                    entryOf[wanted.size()] = i;
                    wanted.add(one);
                }
            } catch (SqsException e) {
                failed(i, e);
            }
        }
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(this);
        }
        return perform.apply(wanted).thenApply(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                settle(entryOf[i], refusal.apply(wanted.get(i), outcomes.get(i)));
            }
            return this;
        });
    }

    private void settle(int entry, @Nullable SqsException refusal) {
        if (refusal == null) {
            succeeded(entry, Members.NONE);
        } else {
            failed(entry, refusal);
        }
    }

    Parameters get(int entry) {
        return entries.get(entry);
    }

    private String id(int entry) {
        return get(entry).required("Id");
    }

    void failed(int entry, SqsException why) {
        failures.set(entry, why);
    }

    void succeeded(int entry, Members says) {
        successes.set(entry, says);
    }

    @Override
    public void write(ReplyWriter out) {
        writeSuccesses(out);
        writeFailures(out);
    }

    private void writeSuccesses(ReplyWriter out) {
        boolean begun = false;
        for (int i = 0; i < size(); i++) {
            Members members = successes.get(i);
            if (members == null) {
                continue;
            }
            if (!begun) {
                out.beginList("Successful", resultXmlName);
                begun = true;
            }
            out.beginElement();
            out.text("Id", id(i));
            members.write(out);
            out.end();
        }
        if (begun) {
            out.end();
        }
    }

    private void writeFailures(ReplyWriter out) {
        boolean begun = false;
        for (int i = 0; i < size(); i++) {
            SqsException why = failures.get(i);
            if (why == null) {
                continue;
            }
            if (!begun) {
                out.beginList("Failed", "BatchResultErrorEntry");
                begun = true;
            }
            out.beginElement();
            out.text("Id", id(i));
            out.bool("SenderFault", why.error().status() < 500);
            out.text("Code", why.error().code());
            out.text("Message", String.valueOf(why.getMessage()));
            out.end();
        }
        if (begun) {
            out.end();
        }
    }
}
