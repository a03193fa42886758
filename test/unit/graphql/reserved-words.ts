/**
 * What the names of the schema must not be, since tools make code of them in five languages, and app developers import the
 * types beside those of their frameworks.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Keywords of each language. Fields, arguments and types are compared as they are, enum values also in camel case. */
export const KEYWORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  'JavaScript and TypeScript': words(`
    arguments as async await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected public
    return static super switch this throw true try typeof undefined var void while with yield`),
  Swift: words(`
    Any Protocol Self Type actor as associatedtype await break case catch class continue default defer deinit do else enum
    extension fallthrough false fileprivate for func guard if import in init inout internal is let nil none open operator
    precedencegroup private protocol public repeat rethrows return self some static struct subscript super switch throw throws
    true try typealias var where while`),
  Kotlin: words(`
    as break class continue do else false for fun if in interface is null object package return super this throw true try
    typealias typeof val var when while`),
  Dart: words(`
    assert await break case catch class const continue default do else enum extends false final finally for if in is new null
    rethrow return super switch this throw true try var void when while with yield`),
  PHP: words(`
    abstract and array as break callable case catch class clone const continue declare default die do echo else elseif empty
    enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends false final finally fn for foreach function
    global goto if implements include include_once instanceof insteadof interface isset list match mixed namespace never new no
    null object off on or parent print private protected public readonly require require_once return self static switch throw
    trait true try unset use var void while xor yes yield`),
};

/** Types that every file has in sight, or that nearly every file of an app imports. */
export const KNOWN_TYPES: Readonly<Record<string, ReadonlySet<string>>> = {
  'JavaScript and TypeScript': words(`
    Array BigInt Boolean DataView Date Error Exclude Extract Function Intl Iterator JSON Map Math NaN NonNullable Number Object
    Omit Parameters Partial Pick Promise Proxy Readonly Record Reflect RegExp Required ReturnType Set String Symbol any boolean
    never number object string symbol unknown`),
  DOM: words(`
    Animation Attr Audio Blob Cache Comment Credential Document Element Event File FormData Geolocation Headers History Image
    Location Lock Navigator Node Notification Option Path2D Performance Permissions Plugin Range Report Request Response
    Screen Selection Storage Text Touch URL Window Worker`),
  'React and React Native': words(`
    Alert Animated AppState Appearance Button Clipboard Component Context Dimensions Easing FlatList Fragment Image Keyboard
    Linking Modal Platform Pressable Ref Settings Share Switch Text TextInput Vibration View`),
  'Swift, SwiftUI and Foundation': words(`
    Actor Alert Array Bool Bundle Button Calendar Character Circle Codable Color Context Data Date Decimal Dictionary Double
    Edge Environment Error Event Float Font Form Group Hashable Identifiable Image Int Label Link List Locale Locator Map
    Measurement Menu Mirror Notification Observation Operation Optional Path Picker Preview Process Publisher Range Regex
    Result Scene Section Sequence Set Shape Slider State String Subscription Tab Table Task Text TimeZone Timer Toggle URL UUID
    Unit View Void`),
  'Kotlin, Android and Compose': words(`
    Account Activity Alert Any Application Array Boolean Box Bundle Button Byte Card Char Color Column Context Cursor Double
    Enum Float Icon Image Int Intent List Location Long Map Modifier Nothing Notification Number Pair Result Role Row Service
    Set Short State String Surface Switch Text Throwable Triple Unit View`),
  'Dart and Flutter': words(`
    Action Align Bool Card Center Color Column Container Context DateTime Duration Enum Error Exception Form Function Future
    Icon Image Iterable Key List Map Navigator Never Null Object Page Path Record Route Row Set Size Stack State Stream String
    Switch Symbol Tab Table Text Theme Title Type Uri View Widget`),
  PHP: words(`
    ArrayObject Closure Collection DateInterval DateTime Directory Error Exception Fiber Generator Iterator Parent Reflection
    Stringable Transliterator`),
  // Words that say too little to share a module with an app's own names.
  'every app': words(`
    Action Address Area Category Change Comment Item Message Mode Model Place Post Report Role Source Stage Status Theme User
    Viewer`),
};

/** Names that are in one of the lists, and why they may stay. */
export const EXPLAINED: Readonly<Record<string, string>> = {
  Account:
    'android.accounts.Account belongs to managers of accounts; apps of the public never ask for the accounts of staff.',
  Cursor: 'A scalar: tools map it to String and make no type of it.',
  DateTime: 'A scalar: tools map it to the type of that name in PHP and Dart, which it means.',
  URL: 'A scalar: tools map it to the type of that name, which it means.',
  Boolean: 'Of GraphQL itself.',
  Float: 'Of GraphQL itself.',
  Int: 'Of GraphQL itself.',
  String: 'Of GraphQL itself.',
  Subscription: 'The root type of GraphQL, by convention; clients never name it.',
  where:
    'An argument. Apollo iOS, the one tool for Swift, writes it in backticks; Prisma, Hasura and others have it as well.',
  match: 'A field. PHP takes its keywords for names of properties, and has `match` as a keyword since 8.0 alone.',
  'AidStatus.OPEN': 'Swift takes `.open` for a case: it is a keyword before declarations alone.',
  'IncidentState.OPEN': 'As AidStatus.OPEN.',
  'QuestionGroupState.OPEN': 'As AidStatus.OPEN.',
  'ErrorCode.INTERNAL':
    'Swift and Kotlin take `.internal` for a case, a modifier elsewhere; C# keeps INTERNAL in capitals. The code is as old as the hub.',
  'FieldReportState.NEW': 'Tools for Dart, PHP and JavaScript keep NEW in capitals; in Swift `new` is no keyword.',
};
