package dev.pabal.amqp.channel;

import dev.pabal.broker.topology.AccessControl;
import dev.pabal.broker.topology.AccessControl.Action;
import java.util.Locale;

/** Asks whether a connection's user may, and says no in RabbitMQ's words. */
final class Permissions {
    private Permissions() {}

    /** @throws AmqpException 403 */
    static void require(Link link, Action action, AmqpChannel.Resource kind, String name) {
        AccessControl access = link.broker().topology().accessControl();
        boolean defaultExchange = kind == AmqpChannel.Resource.EXCHANGE && name.isEmpty();
        String resource = defaultExchange ? "amq.default" : name;
        if (!access.may(link.user().name(), link.vhost(), action, resource)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    word(action) + " access to " + kind.word() + " '" + resource + "' in vhost '" + link.vhost()
                            + "' refused for user '" + link.user().name() + "'");
        }
    }

    /** @throws AmqpException 403 */
    static void requireRouting(Link link, Action action, String exchange, String routingKey) {
        AccessControl access = link.broker().topology().accessControl();
        if (!access.mayRoute(link.user().name(), link.vhost(), action, exchange, routingKey)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    word(action) + " access to topic '" + routingKey + "' in exchange '" + exchange + "' in vhost '"
                            + link.vhost() + "' refused for user '"
                            + link.user().name() + "'");
        }
    }

    private static String word(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }
}
