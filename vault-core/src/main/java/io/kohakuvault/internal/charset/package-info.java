/**
 * Text to bytes and back exactly as Python's codecs do it, which KohakuVault leaves its text columns to. Java's own
 * charsets of the same names differ from them here and there.
 */
@NullMarked
package io.kohakuvault.internal.charset;

import org.jspecify.annotations.NullMarked;
