package io.kohakuvault.connect;

import java.util.Set;

/**
 * Which fields get columns. A field that has fields stands for all of them; nested ones are named by the names of their
 * columns. Immutable.
 *
 * @param include the only ones; empty for all
 * @param exclude those that get none
 * @param separator between the names of nested fields, empty when these get no columns
 */
record FieldChoice(Set<String> include, Set<String> exclude, String separator) {
    /** How it stands with a field, and with those that are nested in it. */
    record State(boolean included, boolean excluded) {
        boolean isWanted() {
            return included && !excluded;
        }
    }

    /** Before any field is looked at. */
    State outermost() {
        return new State(include.isEmpty(), false);
    }

    /** A field, by the name of its column. */
    State at(State outer, String name) {
        if (include.isEmpty() && exclude.isEmpty()) {
            return outer;
        }
        return new State(outer.included || include.contains(name), outer.excluded || exclude.contains(name));
    }
}
