# Shopify's specs of Liquid as lines of JSON: the cases whose data are plain. LIQUID_SPEC names a checkout of them.

require "json"
require "yaml"

SPECIAL = %w[generate resource_limits exception_renderer context_klass].freeze
PLAIN = [Integer, Float, TrueClass, FalseClass, NilClass].freeze

def plain(value)
  case value
  when Hash
    value.to_h do |key, one|
      raise ArgumentError unless key.is_a?(String) && !key.start_with?("instantiate:")

      [key, plain(one)]
    end
  when Array then value.map { |one| plain(one) }
  when String
    text = value.dup.force_encoding("UTF-8")
    raise ArgumentError if text.start_with?("instantiate:") || !text.valid_encoding?

    text
  when *PLAIN then value
  else raise ArgumentError
  end
end

def refused(spec, mode)
  (spec["errors"] || {}).key?("parse_error") && mode.to_s.include?("strict2")
end

folder = File.join(ENV.fetch("LIQUID_SPEC"), "specs")
Dir[File.join(folder, "**", "*.yml")].sort.each do |file|
  next if file.match?(/suite\.yml|environment\.yml|_data/)

  read = YAML.unsafe_load_file(file)
  (read.is_a?(Hash) ? read["specs"] : read).each do |spec|
    next if SPECIAL.any? { |key| spec.key?(key) }

    mode = spec["error_mode"] || (file.include?("parser_errors") ? "strict2" : "lax")
    partials = plain(spec["filesystem"] || {}).to_h { |name, text| [name.delete_suffix(".liquid"), text] }
    puts JSON.generate(
      id: spec["name"], template: plain(spec["template"]), data: plain(spec["environment"] || {}),
      partials: partials, refused2: refused(spec, mode)
    )
  rescue ArgumentError, SystemStackError, JSON::GeneratorError
    next
  end
end
