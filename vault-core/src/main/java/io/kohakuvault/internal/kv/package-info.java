/**
 * Key-values over SQLite.
 */
@NullMarked
package io.kohakuvault.internal.kv;

import org.jspecify.annotations.NullMarked;
