package io.kohakuvault.kv;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A value on its way into a table, made by {@link KVault#newUpload(byte[])}. Nothing of it is in the vault before
 * {@link #commit}; closed without that, or left behind by a process that dies, the old value stays whole. It holds no
 * lock and no transaction while it is written. Not thread-safe. Only this library implements it; it may get further
 * methods.
 */
public interface KvUpload extends AutoCloseable {
    /**
     * Where the value is written, always the same stream. What closes it, a {@code GZIPOutputStream} around it for
     * instance, ends the writing and nothing else: {@link #commit} is still to come.
     *
     * @return a stream. Writing to it throws an {@link IOException} once it is closed, an {@link
     *     IllegalStateException} once this has been committed or closed
     */
    OutputStream stream();

    /**
     * Puts what was written under the key, as one transaction or as a part of the calling thread's. When it throws, the
     * upload can be committed again, unless the thread was interrupted while a large value was read from its temporary
     * file, which closes that.
     *
     * @throws IOException when the temporary file cannot be read
     * @throws IllegalStateException when this has been committed or closed
     */
    void commit() throws IOException;

    /** Ends the upload; what was not committed is forgotten. Does nothing the second time. */
    @Override
    void close() throws IOException;
}
