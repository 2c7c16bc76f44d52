# What Ruby's Liquid says: one case of JSON a line in, one answer a line out.
#
# `now`, where a case has it, is what the clock says.
#
# RUBY_LIQUID names the `lib` folder of Shopify's sources. Where the StringScanner of an older Ruby lacks two
# methods that these sources use, they are added. Run with TZ=UTC.

require "json"
require "strscan"
require "time"

class StringScanner
  unless method_defined?(:peek_byte)
    def peek_byte
      string.getbyte(pos)
    end
  end

  unless method_defined?(:scan_byte)
    def scan_byte
      byte = string.getbyte(pos)
      self.pos += 1 if byte
      byte
    end
  end
end

$LOAD_PATH.unshift(ENV.fetch("RUBY_LIQUID"))
require "liquid"

class Partials
  def initialize(texts)
    @texts = texts
  end

  def read_template_file(name)
    @texts[name] or raise Liquid::FileSystemError, "no partial"
  end
end

def clean(text)
  text.b.force_encoding("UTF-8").scrub("?")
end

module Clock
  class << self
    attr_accessor :moment
  end

  def now(...)
    Clock.moment || super
  end
end
Time.singleton_class.prepend(Clock)

def answer(one)
  Clock.moment = one["now"] && Time.iso8601(one["now"])
  environment = Liquid::Environment.build do |made|
    made.error_mode = (one["mode"] || "lax").to_sym
    made.file_system = Partials.new(one["partials"] || {})
  end
  template = Liquid::Template.parse(one["template"], environment: environment, line_numbers: true)
  data = one["data"] || {}
  # Rendered partials see the data, as ours do: Ruby has a place for such data, which counters leave alone.
  context = Liquid::Context.build(
    environment: environment, environments: [data.dup], static_environments: one["plain"] ? [] : [data]
  )
  text = template.render(context)
  { "right" => clean(text), "errors" => template.errors.map { |error| clean(error.message) } }
rescue Liquid::SyntaxError => error
  { "refused" => clean(error.message) }
rescue StandardError => error
  { "broken" => clean("#{error.class}: #{error.message}") }
end

if ARGV.include?("--version")
  puts Liquid::VERSION
  exit
end
$stdin.each_line do |line|
  puts JSON.generate(answer(JSON.parse(line)))
end
