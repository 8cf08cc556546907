/**
 * Values to bytes and back outside of columns, with the codecs of columns.
 */
@NullMarked
package io.kohakuvault.internal.packer;

import org.jspecify.annotations.NullMarked;
