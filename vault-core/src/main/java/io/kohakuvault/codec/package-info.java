/**
 * The data types of columns and values.
 */
@NullMarked
package io.kohakuvault.codec;

import org.jspecify.annotations.NullMarked;
