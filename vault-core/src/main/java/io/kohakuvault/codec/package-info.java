/**
 * The data types of columns and values.
 *
 * <pre>{@code
 * DType numbers = DType.parse("vec:f32:384");
 * LogicalType price = new LogicalType.Decimal(10, 2);
 * record Video(String title, long fps) {}
 * Codec<Video> videos = Codec.of(
 *         video -> Map.of("title", video.title(), "fps", video.fps()),
 *         value -> new Video((String) ((Map<?, ?>) value).get("title"), (Long) ((Map<?, ?>) value).get("fps")));
 * vault.kv("media").put("video:42", new Video("a talk", 60), videos);
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods. {@link
 * io.kohakuvault.codec.DType} and {@link io.kohakuvault.codec.LogicalType} are sealed but will get further types: a
 * {@code switch} over them needs a default.
 */
@NullMarked
package io.kohakuvault.codec;

import org.jspecify.annotations.NullMarked;
