package dev.pabal.sqs.http;

import dev.pabal.sqs.SqsLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder, told our bounds, that refuses a request with both a length and chunks (RFC 9112, section 6.1: it may be an attempt to smuggle
 * another one in) and knows how much of an unfinished request has come.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** Largest piece of a body that is handed on at once; smaller bodies are never cut. */
    private static final int MAX_CHUNK_BYTES = 64 << 10;

    private long consumedBytes;
    private long unfinishedBytes;

    RequestDecoder(SqsLimits limits) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxHeaderBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setMaxChunkSize(MAX_CHUNK_BYTES));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = in.readableBytes();
        super.decode(ctx, in, out);
        int consumed = before - in.readableBytes();
        consumedBytes += consumed;
        unfinishedBytes += consumed;
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            unfinishedBytes = 0;
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new DecoderException("both Content-Length and chunks");
    }

    /** What has come in all, in bytes. */
    long receivedBytes() {
        return consumedBytes + actualReadableBytes();
    }

    /** Whether a part of a request has come and the rest has not. */
    boolean unfinished() {
        return unfinishedBytes > 0 || actualReadableBytes() > 0;
    }
}
