/**
 * Key-values: byte keys in unsigned order, raw or self-describing values.
 */
@NullMarked
package io.kohakuvault.kv;

import org.jspecify.annotations.NullMarked;
