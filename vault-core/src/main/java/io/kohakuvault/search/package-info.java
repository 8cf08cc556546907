/**
 * Fuses the hits of full-text and vector search.
 */
@NullMarked
package io.kohakuvault.search;

import org.jspecify.annotations.NullMarked;
