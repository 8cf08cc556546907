/**
 * Key-values: byte keys in unsigned order, raw or self-describing values.
 *
 * <pre>{@code
 * KVault media = vault.kv("media");
 * media.put("video:42", bytes);
 * media.putValue("video:42:meta", Map.of("fps", 60L));
 * byte[] raw = media.get("video:42"); // null when there is none, as a Map answers
 * Object meta = media.findValue("video:42:meta").orElseThrow();
 * for (KvEntry entry : media.scan(KvRange.prefix("video:").limit(100))) System.out.println(entry.keyText());
 * try (InputStream large = Files.newInputStream(path)) {
 *     media.put("video:42:file", large); // of any size: streamed
 * }
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods.
 */
@NullMarked
package io.kohakuvault.kv;

import org.jspecify.annotations.NullMarked;
