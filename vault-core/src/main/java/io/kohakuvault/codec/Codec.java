package io.kohakuvault.codec;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From objects of the caller's to values that the vault stores, and back. A value is what {@code putValue} takes:
 * byte[], String, a number (Byte to Long, BigInteger, Float, Double), Boolean, List, Map with String keys, {@link
 * NumericArray}, or null. What a codec makes of an object is what KohakuVault in Python reads. Must be thread-safe
 * where the handle that it is given to is used by several threads.
 *
 * <p>Both methods run once for each value and may use the vault. Decoding runs after the read has ended, under no lock.
 * In calls that read and write one entry (those of maps) both run inside the call's transaction, so that what one of
 * them throws leaves the entry as it was.
 *
 * @param <T> what the objects are
 */
public interface Codec<T> {
    /**
     * From an object to a value.
     *
     * @param object the object
     * @return the value
     */
    @Nullable
    Object encode(T object);

    /**
     * From a value to an object.
     *
     * @param value as it was read
     * @return the object
     * @throws IllegalArgumentException when the value is none of this codec's
     */
    T decode(@Nullable Object value);

    /**
     * A codec of two functions.
     *
     * @param encoder from an object to a value
     * @param decoder from a value to an object
     * @param <T> what the objects are
     * @return the codec
     */
    static <T> Codec<T> of(
            Function<? super T, ? extends @Nullable Object> encoder, Function<@Nullable Object, ? extends T> decoder) {
        return new Codec<>() {
            @Override
            public @Nullable Object encode(T object) {
                return encoder.apply(object);
            }

            @Override
            public T decode(@Nullable Object value) {
                return decoder.apply(value);
            }
        };
    }

    /**
     * Values that are of one class already.
     *
     * @param type one of the classes that values are read as: byte[], String, Long, Double, Boolean, …
     * @param <T> that class
     * @return a codec that checks the class of what is read
     */
    static <T> Codec<T> ofType(Class<T> type) {
        return of(object -> object, value -> {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException("the value is "
                        + (value == null ? "null" : "a " + value.getClass().getSimpleName()) + " and no "
                        + type.getSimpleName());
            }
            return type.cast(value);
        });
    }
}
