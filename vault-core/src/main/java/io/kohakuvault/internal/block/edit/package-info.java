/** How columns change: blocks that appends fill, changes in the middle, cutting off, laying out anew. */
@NullMarked
package io.kohakuvault.internal.block.edit;

import org.jspecify.annotations.NullMarked;
