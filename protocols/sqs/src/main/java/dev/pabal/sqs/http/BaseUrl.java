package dev.pabal.sqs.http;

import dev.pabal.sqs.wire.SqsError;
import dev.pabal.sqs.wire.SqsException;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.List;

/**
 * What queue URLs begin with: {@code http://} and the host as the client names it, so that they work for whoever asked, behind whatever name.
 * Remembers the last one, for a client names the same host each time. For one thread.
 */
final class BaseUrl {
    private static final int MAX_HOST_LENGTH = 255;
    private static final BitSet HOST_CHARACTERS = new BitSet();

    static {
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]"
                .chars()
                .forEach(HOST_CHARACTERS::set);
    }

    private String host = "";
    private String url = "";

    /** @throws SqsException where the request names no host, several, or one that is none */
    String of(HttpRequest request, Channel channel) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        String named = hosts.isEmpty() ? null : hosts.get(0);
        if (hosts.size() > 1) {
            throw new SqsException(SqsError.INVALID_PARAMETER_VALUE, "The request has more than one Host header.");
        }
        if (named == null) {
            if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
                throw new SqsException(SqsError.INVALID_PARAMETER_VALUE, "The request has no Host header.");
            }
            InetSocketAddress local = (InetSocketAddress) channel.localAddress();
            named = local.getAddress().getHostAddress() + ":" + local.getPort();
        }
        if (!named.equals(host)) {
            check(named);
            host = named;
            url = "http://" + named;
        }
        return url;
    }

    private static void check(String named) {
        boolean good = !named.isEmpty()
                && named.length() <= MAX_HOST_LENGTH
                && named.chars().allMatch(HOST_CHARACTERS::get);
        if (!good) {
            throw new SqsException(SqsError.INVALID_PARAMETER_VALUE, "The Host header names no host.");
        }
    }
}
