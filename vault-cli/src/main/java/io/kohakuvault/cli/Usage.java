package io.kohakuvault.cli;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one line. */
final class Usage {
    private Usage() {}

    static String explain(ParameterException e) {
        String help = " (see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help')";
        return Messages.oneLine(what(e)) + help;
    }

    private static String what(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().get(0);
            boolean root = e.getCommandLine().getParent() == null;
            String what = unmatched.isUnknownOption()
                    ? "there is no option '" + first + "'"
                    : root ? "there is no command '" + first + "'" : "'" + first + "' is one argument too many";
            return what + (unmatched.isUnknownOption() || root ? suggestion(first, e.getCommandLine()) : "");
        } else if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return "say " + missing.getMissing().stream().map(Usage::name).collect(Collectors.joining(" and "));
        } else if (e.getArgSpec() != null && e.getValue() != null && e.getCause() != null) {
            String name = e.getArgSpec() instanceof OptionSpec option ? option.longestName() : name(e.getArgSpec());
            return name + " '" + e.getValue() + "': " + expected(e.getArgSpec());
        }
        String message = String.valueOf(e.getMessage());
        return message.equals("Missing required subcommand") ? "say a COMMAND" : message;
    }

    /** The names that are a slip or two away. */
    private static String suggestion(String wrong, CommandLine command) {
        Set<String> names = new TreeSet<>(
                wrong.startsWith("-")
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet());
        String plain = wrong.replaceFirst("=.*", "");
        int most = Math.max(1, Math.min(2, plain.length() / 2));
        int nearest = names.stream().mapToInt(n -> slips(plain, n)).min().orElse(most + 1);
        List<String> near =
                names.stream().filter(n -> slips(plain, n) == nearest).limit(3).toList();
        return nearest > most
                ? ""
                : "; did you mean " + near.stream().map(n -> "'" + n + "'").collect(Collectors.joining(" or ")) + "?";
    }

    /** How many letters are missing, too many, wrong, or have changed places. */
    static int slips(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int k = 0; k <= b.length(); k++) {
                if (i == 0 || k == 0) {
                    d[i][k] = i + k;
                    continue;
                }
                int wrong = a.charAt(i - 1) == b.charAt(k - 1) ? 0 : 1;
                d[i][k] = Math.min(Math.min(d[i - 1][k], d[i][k - 1]) + 1, d[i - 1][k - 1] + wrong);
                if (i > 1 && k > 1 && a.charAt(i - 1) == b.charAt(k - 2) && a.charAt(i - 2) == b.charAt(k - 1)) {
                    d[i][k] = Math.min(d[i][k], d[i - 2][k - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option
                ? option.longestName() + (option.arity().max() > 0 ? " " + option.paramLabel() : "")
                : arg.paramLabel();
    }

    private static String expected(ArgSpec arg) {
        Class<?> type = arg.type();
        if (type.isEnum()) {
            return "it is one of "
                    + java.util.Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        return type == int.class || type == Long.class ? "it is no whole number, or too large" : "it cannot be read";
    }

    /** Sets a command line up so that everything goes wrong in one line. */
    static void configure(CommandLine commandLine) {
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExpandAtFiles(false); // a key may begin with @
    }
}
