package dev.pabal.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pabal.server.StartException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqsKeysTest {
    @Test
    void keysOfTheListAndOfTheFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("keys"), "# ours\n\nAKIDTHREE:a:b/c=\n  AKIDFOUR:d  \n");
        assertThat(SqsKeys.read("", "")).isEmpty();
        assertThat(SqsKeys.read("AKIDONE:x, AKIDTWO:y", file.toString()))
                .isEqualTo(Map.of("AKIDONE", "x", "AKIDTWO", "y", "AKIDTHREE", "a:b/c=", "AKIDFOUR", "d"));
    }

    @Test
    void whatIsNoKeyIsToldWithoutItsSecret(@TempDir Path directory) throws Exception {
        refused(
                "AKIDONE:x,hush",
                "",
                "The key 2 of sqs.keys is no key; write the access key id, a colon and the secret: ID:SECRET.");
        refused("AKIDONE:", "", "The key 1 of sqs.keys is no key");
        refused(":hush", "", "The key 1 of sqs.keys is no key");
        refused(
                "AKIDONE:hush,AKIDONE:hush",
                "",
                "The access key id 'AKIDONE' comes twice (key 2 of sqs.keys); keep one of them.");
        Path empty = Files.writeString(directory.resolve("empty"), "# hush\n");
        refused("", empty.toString(), "holds no key; write one a line, as ID:SECRET.");
        Path wrong = Files.writeString(directory.resolve("wrong"), "AKIDONE:x\nhush\n");
        refused("", wrong.toString(), "line 2 of " + wrong + " is no key");
        refused("", directory.resolve("absent").toString(), "(sqs.keys.file) cannot be read");
    }

    private static void refused(String list, String file, String message) {
        assertThatThrownBy(() -> SqsKeys.read(list, file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(message)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("hush"));
    }
}
