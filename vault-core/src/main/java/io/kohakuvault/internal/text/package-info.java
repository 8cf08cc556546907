/**
 * Documents over FTS5.
 */
@NullMarked
package io.kohakuvault.internal.text;

import org.jspecify.annotations.NullMarked;
