package io.kohakuvault.arrow;

import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/** How buffers of Arrow IPC are compressed, each by itself. What is not smaller so is left as it is. */
public enum IpcCompression {
    /** Not at all: readers map the buffers as they are. */
    NONE(CodecType.NO_COMPRESSION, ""),
    /** LZ4 frames; by {@code at.yawk.lz4:lz4-java}, since Arrow's own are made far too slowly. */
    LZ4(CodecType.LZ4_FRAME, "at.yawk.lz4:lz4-java on the class path"),
    /** Zstandard at its default level, by {@code org.apache.arrow:arrow-compression}. */
    ZSTD(CodecType.ZSTD, "org.apache.arrow:arrow-compression on the class path, of the version of arrow-vector");

    private final CodecType codec;
    private final String needs;

    IpcCompression(CodecType codec, String needs) {
        this.codec = codec;
        this.needs = needs;
    }

    CodecType codec() {
        return codec;
    }

    /** Makes codecs for a writer. */
    CompressionCodec.Factory codecs() {
        return this == LZ4 ? new Lz4FrameCodec.Factory() : CompressionCodec.Factory.INSTANCE;
    }

    /** Fails where the library is missing. */
    void check() {
        try {
            codecs().createCodec(codec);
        } catch (IllegalArgumentException | LinkageError e) {
            throw new IllegalStateException(this + " needs " + needs, e);
        }
    }
}
