/**
 * The main job, end to end: a topic of API documentation streams into one vault file, and Arrow, SQL and searches read
 * it.
 */
@NullMarked
package io.kohakuvault.demo;

import org.jspecify.annotations.NullMarked;
