package dev.pabal.broker.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pabal.broker.topology.AccessControl.Action;
import dev.pabal.catalog.Permission;
import dev.pabal.catalog.TopicPermission;
import dev.pabal.catalog.User;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessControlTest {
    private final FakeCatalog catalog = new FakeCatalog();
    private final AccessControl access = catalog.topology.accessControl();
    private final Administration administration = catalog.topology.administration();

    @Test
    void guestComesInFromThisMachineOnly() {
        assertThat(access.authenticate("guest", "guest", true)).isNotNull();
        assertThat(access.authenticate("guest", "guest", false)).isNull();
        assertThat(access.authenticate("guest", "wrong", true)).isNull();
        assertThat(access.authenticate("nobody", "guest", true)).isNull();
    }

    @Test
    void aUserWithoutAPasswordIsLetInByNone() {
        administration
                .setUser(new User("ana", "", PasswordHash.SHA256, List.of()))
                .join();
        assertThat(access.authenticate("ana", "", false)).isNull();
    }

    @Test
    void permissionsAreSearchedForInNames() {
        user("ana");
        assertThat(access.mayEnter("ana", "/")).isFalse();
        administration
                .setPermission(new Permission("ana", "/", "^ana-", "^(ana-.*|amq\\.default)$", ""))
                .join();

        assertThat(access.mayEnter("ana", "/")).isTrue();
        assertThat(access.mayEnter("ana", "none")).isFalse();
        assertThat(access.may("ana", "/", Action.CONFIGURE, "ana-q")).isTrue();
        assertThat(access.may("ana", "/", Action.CONFIGURE, "bob-q")).isFalse();
        assertThat(access.may("ana", "/", Action.WRITE, "")).isTrue();
        assertThat(access.may("ana", "/", Action.READ, "ana-q")).isFalse();
        administration.deletePermission("ana", "/").join();
        assertThat(access.may("ana", "/", Action.CONFIGURE, "ana-q")).isFalse();
    }

    @Test
    void topicPermissionsHoldForTheExchangeTheyName() {
        user("a.na");
        administration
                .setTopicPermission(new TopicPermission("a.na", "/", "amq.topic", "^{username}\\.", "^public"))
                .join();

        assertThat(access.mayRoute("a.na", "/", Action.WRITE, "amq.topic", "a.na.x"))
                .isTrue();
        assertThat(access.mayRoute("a.na", "/", Action.WRITE, "amq.topic", "abna.x"))
                .isFalse();
        assertThat(access.mayRoute("a.na", "/", Action.READ, "amq.topic", "public.x"))
                .isTrue();
        assertThat(access.mayRoute("a.na", "/", Action.READ, "amq.topic", "a.na.x"))
                .isFalse();
        assertThat(access.mayRoute("a.na", "/", Action.READ, "other", "a.na.x")).isTrue();
    }

    private void user(String name) {
        administration
                .setUser(new User(
                        name, PasswordHash.sha256("pw", PasswordHash.newSalt()), PasswordHash.SHA256, List.of()))
                .join();
    }
}
