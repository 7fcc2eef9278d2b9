package dev.pabal.sqs.action;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Actions that tests make up. */
public final class ActionsForTests {
    private ActionsForTests() {}

    public static Actions of(Action... actions) {
        return new Actions(List.of(actions));
    }

    public static Action action(String name, Function<Call, CompletableFuture<Reply>> body) {
        return new Action() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public CompletableFuture<Reply> perform(Call call) {
                return body.apply(call);
            }
        };
    }
}
