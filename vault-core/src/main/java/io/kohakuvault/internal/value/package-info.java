/**
 * Self-describing values of key-values, documents and vectors.
 */
@NullMarked
package io.kohakuvault.internal.value;

import org.jspecify.annotations.NullMarked;
