package io.kohakuvault.langchain4j;

import io.kohakuvault.text.TextQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Questions of any kind and length as searches for any of the words that say something. */
final class SearchWords {
    /** English's words of grammar. Every paragraph has some of them, so they find whatever is short. */
    static final Set<String> ENGLISH =
            Set.of(("a an the this that these those it its they them their there here he she "
                            + "his her him i me my mine we us our you your who whom whose what which when where why how and or "
                            + "but nor if then else than so as because while of in on at by for from to into onto with without "
                            + "about over under out up down off between through during is am are was were be been being do does "
                            + "did doing done have has had having can could may might must shall should will would not no any "
                            + "some all both each every only just also too very such own same there's it's i'm don't can't "
                            + "what's how's isn't doesn't get got let please")
                    .split(" "));

    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

    private final Set<String> ignored;

    /** @param ignored what is not searched for, whatever its case and the punctuation around it */
    SearchWords(Collection<String> ignored) {
        this.ignored = ignored.stream().map(SearchWords::bare).collect(Collectors.toUnmodifiableSet());
    }

    /** The first words of a question, as many as a search takes; none when it has no others than ignored ones. */
    TextQuery of(String question) {
        int characters = 0;
        List<String> words = new ArrayList<>();
        for (String word : TextQuery.any(mended(question)).words()) {
            if (!ignored.contains(bare(word))) {
                characters += word.length();
                if (words.size() == TextQuery.MAX_WORDS || characters > TextQuery.MAX_CHARACTERS) {
                    break;
                }
                words.add(word);
            }
        }
        return TextQuery.any(String.join(" ", words));
    }

    private static String bare(String word) {
        return AROUND.matcher(word).replaceAll("").toLowerCase(Locale.ROOT);
    }

    /** What no query may hold becomes a space: U+0000 and halves of surrogate pairs. */
    private static String mended(String text) {
        StringBuilder mended = new StringBuilder();
        text.codePoints()
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? ' ' : c)
                .forEach(mended::appendCodePoint);
        return mended.toString();
    }
}
