/** How things become HTML and text. Not for users. */
@NullMarked
package io.kohakuvault.notebook.internal;

import org.jspecify.annotations.NullMarked;
