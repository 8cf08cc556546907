/**
 * Looking after a file: what is in it, whether it is sound, mending, copying, compacting.
 *
 * <pre>{@code
 * VerifyReport report = vault.maintenance().verify(Progress.none());
 * report.findings().forEach(System.out::println);
 * vault.maintenance().backup(Path.of("copy.db"), (done, total) -> true);
 * System.out.println(vault.contents().list());
 * vault.contents().delete(Content.Kind.KEY_VALUES, "scratch");
 * }</pre>
 *
 * <p>The interfaces here are implemented by this library alone, and may get further methods ({@link
 * io.kohakuvault.maintenance.Progress} is the caller's).
 */
@NullMarked
package io.kohakuvault.maintenance;

import org.jspecify.annotations.NullMarked;
