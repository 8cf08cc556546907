package io.kohakuvault.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command: its subcommands do the work, this says what went wrong in one line. */
@Command(
        name = "vault",
        mixinStandardHelpOptions = true,
        version = "vault 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Looks into, fills and looks after KohakuVault files: one SQLite file with key-values, columns, tables, documents and vectors.",
            ""
        },
        footer = {
            "",
            "Begin with 'vault info FILE'. Every command explains itself: 'vault COMMAND --help'.",
            "Exit codes: 0 done, 1 failed or found something wrong, 2 called wrongly.",
            "Completion for this shell: source <(vault generate-completion)"
        })
public final class VaultCommand {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    /** As of a process that SIGPIPE ends. */
    private static final int CLOSED = 141;

    /** The commands, in the order that help shows them. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("info", InfoCommand.class);
        COMMANDS.put("ls", ListCommand.class);
        COMMANDS.put("head", HeadCommand.class);
        COMMANDS.put("search", SearchCommand.class);
        COMMANDS.put("sql", SqlElsewhere.class);
        COMMANDS.put("schema", SchemaCommand.class);
        COMMANDS.put("get", GetCommand.class);
        COMMANDS.put("put", PutCommand.class);
        COMMANDS.put("add", AddCommand.class);
        COMMANDS.put("rm", RemoveCommand.class);
        COMMANDS.put("export", ExportCommand.class);
        COMMANDS.put("import", ImportCommand.class);
        COMMANDS.put("rename", NameCommands.Rename.class);
        COMMANDS.put("drop", NameCommands.Drop.class);
        COMMANDS.put("offsets", OffsetsCommand.class);
        COMMANDS.put("migrate", UpkeepCommands.Migrate.class);
        COMMANDS.put("verify", UpkeepCommands.Verify.class);
        COMMANDS.put("repair", UpkeepCommands.Repair.class);
        COMMANDS.put("compact", UpkeepCommands.Compact.class);
        COMMANDS.put("backup", UpkeepCommands.Backup.class);
        COMMANDS.put("dump", DumpCommand.class);
        COMMANDS.put("generate-completion", AutoComplete.GenerateCompletion.class);
        COMMANDS.put("help", CommandLine.HelpCommand.class);
        for (CommandSource source : ServiceLoader.load(CommandSource.class)) {
            COMMANDS.putAll(source.commands());
        }
    }

    private static final int WARNS_OF_UNSAFE = 24;

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] args) {
        // What a library logs below a warning is nobody's business here.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        // Arrow's readers leave memory behind when a file is damaged, which is told in one line already.
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.arrow.memory.BaseAllocator", "off");
        // SQLite's driver tells, with a stack trace, that another command has just removed an old copy of its library.
        // That
        // it cannot load its own is an exception.
        System.setProperty("org.slf4j.simpleLogger.log.org.sqlite.SQLiteJDBCLoader", "off");
        if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
            // Else the library of MessagePack uses sun.misc.Unsafe, of which the JVM warns in four lines that nobody
            // can change.
            System.setProperty("msgpack.universal-buffer", "true");
            // And Netty, which Arrow allocates by, would do without it and then not start. It is here with SQL alone.
            System.setProperty("io.netty.noUnsafe", "false");
        }
        System.exit(Interruption.guard(() -> run(args)));
    }

    private static int run(String[] args) {
        if (args.length > 0 && args[0].equals("sql") && COMMANDS.get("sql") == SqlElsewhere.class) {
            return SqlElsewhere.run(List.of(args));
        }
        StandardStreams.useUtf8();
        CommandLine commandLine = commandLine(args.length > 0 ? args[0] : "");
        commandLine.setOut(StandardStreams.out()).setErr(StandardStreams.err());
        Optional<String> fault = Arguments.fault(args);
        if (fault.isPresent()) {
            commandLine.getErr().println("vault: " + Messages.oneLine(fault.get()));
            return WRONG;
        }
        try {
            return commandLine.execute(args);
        } catch (Throwable e) { // of picocli itself, or of printing its help
            return failed(commandLine, "vault", e);
        }
    }

    /** The command with its ways to say what went wrong. */
    static CommandLine commandLine() {
        return commandLine("");
    }

    /**
     * The same for one command line.
     *
     * @param first its first argument: when it names a command, no other is set up, which is what starting takes
     *     longest for
     */
    static CommandLine commandLine(String first) {
        CommandLine commandLine = new CommandLine(new VaultCommand());
        boolean alone = first.equals("--version")
                || (COMMANDS.containsKey(first) && !first.equals("help") && !first.equals("generate-completion"));
        COMMANDS.forEach((name, type) -> {
            if (!alone || name.equals(first)) {
                commandLine.addSubcommand(name, type);
            }
        });
        Usage.configure(commandLine);
        commandLine.setExecutionStrategy(parsed -> {
            CommandLine.ParseResult last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            String name = last.commandSpec().qualifiedName();
            try {
                int exit = new CommandLine.RunLast().execute(parsed);
                if (commandLine.getOut().checkError()) {
                    commandLine.getErr().println(name + ": the output could not be written");
                    return FAILED;
                }
                return exit;
            } catch (CommandLine.ExecutionException e) {
                return failed(commandLine, name, e.getCause() == null ? e : e.getCause());
            } catch (StandardStreams.ClosedException | StandardStreams.FailedException | Error e) {
                return failed(commandLine, name, e);
            }
        });
        commandLine.setExecutionExceptionHandler((e, command, parsed) ->
                failed(commandLine, command.getCommandSpec().qualifiedName(), e));
        commandLine.setParameterExceptionHandler((e, args) -> {
            e.getCommandLine().getErr().println("vault: " + Usage.explain(e));
            return WRONG;
        });
        return commandLine;
    }

    private static int failed(CommandLine commandLine, String name, Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StandardStreams.ClosedException) {
                return CLOSED;
            } else if (cause instanceof OutOfMemoryError) {
                e = cause;
            }
        }
        try {
            commandLine.getOut().flush(); // what was printed before stands above the message
        } catch (RuntimeException closed) {
            // It is this that has failed, or it fails on top of what has.
        }
        if (System.getenv("VAULT_DEBUG") != null) {
            e.printStackTrace(commandLine.getErr());
        }
        commandLine.getErr().println(name + ": " + Messages.of(e));
        return FAILED;
    }
}
