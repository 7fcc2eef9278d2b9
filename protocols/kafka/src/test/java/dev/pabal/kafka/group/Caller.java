package dev.pabal.kafka.group;

import dev.pabal.kafka.ApiHandler;
import dev.pabal.kafka.KafkaErrors;
import dev.pabal.kafka.KafkaRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Calls handlers as the wire would: each request and each response is written in the version asked for and read again, so that a field which
 * a version cannot carry is found out.
 */
public final class Caller {
    private static final long WAIT_S = 60;

    private final Map<ApiKeys, ApiHandler> handlers;

    public Caller(List<ApiHandler> handlers) {
        this.handlers = handlers.stream().collect(Collectors.toMap(ApiHandler::apiKey, Function.identity()));
    }

    /** Calls in the newest version. */
    public <T extends ApiMessage> T call(ApiKeys api, ApiMessage request, Class<T> type) {
        return call(api, api.latestVersion(false), request, type);
    }

    /** Calls again as long as the answer is that groups are being loaded, as clients do. */
    public <T extends ApiMessage> T call(ApiKeys api, int version, ApiMessage request, Class<T> type) {
        try {
            long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
            ApiMessage answer = send(api, (short) version, request).get(WAIT_S, TimeUnit.SECONDS);
            while (saysLoading(api, (short) version, answer) && System.nanoTime() < untilNs) {
                LockSupport.parkNanos(1_000_000);
                answer = send(api, (short) version, request).get(WAIT_S, TimeUnit.SECONDS);
            }
            return type.cast(answer);
        } catch (Exception e) {
            throw new AssertionError(api + " version " + version + " got no answer", e);
        }
    }

    private static boolean saysLoading(ApiKeys api, short version, ApiMessage answer) {
        return AbstractResponse.parseResponse(api, MessageUtil.toByteBufferAccessor(answer, version), version)
                .errorCounts()
                .containsKey(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    /** The response, read back from its bytes. */
    CompletableFuture<ApiMessage> send(ApiKeys api, short version, ApiMessage request) {
        ApiMessage parsed = AbstractRequest.parseRequest(
                        api, version, MessageUtil.toByteBufferAccessor(request, version))
                .request
                .data();
        Exchange exchange = new Exchange(api, version, parsed);
        handlers.get(api).handle(exchange);
        return exchange.answer;
    }

    private static final class Exchange implements KafkaRequest {
        private final RequestHeader header;
        private final ApiMessage body;
        private final CompletableFuture<ApiMessage> answer = new CompletableFuture<>();

        Exchange(ApiKeys api, short version, ApiMessage body) {
            this.header = new RequestHeader(api, version, "test-client", 1);
            this.body = body;
        }

        @Override
        public RequestHeader header() {
            return header;
        }

        @Override
        public ApiMessage body() {
            return body;
        }

        @Override
        public RequestContext context() {
            return new RequestContext(
                    header,
                    "1",
                    InetAddress.getLoopbackAddress(),
                    KafkaPrincipal.ANONYMOUS,
                    ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
                    SecurityProtocol.PLAINTEXT,
                    ClientInformation.EMPTY,
                    false);
        }

        @Override
        public Connection connection() {
            return HERE;
        }

        @Override
        public ScheduledExecutorService loop() {
            throw new UnsupportedOperationException("handlers of groups need no loop");
        }

        @Override
        public void respond(ApiMessage response) {
            try {
                ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(response, header.apiVersion());
                ApiMessage read = apiKey().messageType.newResponse();
                read.read(bytes, header.apiVersion());
                if (!answer.complete(read)) {
                    throw new AssertionError("answered twice: " + apiKey());
                }
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        @Override
        public void respond(ApiMessage response, Runnable sent) {
            respond(response);
            sent.run();
        }

        @Override
        public void respondNothing() {
            answer.complete(null);
        }

        @Override
        public void fail(Throwable error) {
            AbstractRequest request = AbstractRequest.parseRequest(
                            apiKey(), version(), MessageUtil.toByteBufferAccessor(body, version()))
                    .request;
            respond(request.getErrorResponse(KafkaErrors.of(error).exception()).data());
        }

        @Override
        public void retain() {}

        @Override
        public void release() {}
    }

    private static final KafkaRequest.Connection HERE = new KafkaRequest.Connection() {
        @Override
        public String id() {
            return "1";
        }

        @Override
        public String advertisedHost() {
            return "broker.example";
        }

        @Override
        public int advertisedPort() {
            return 9092;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    };
}
