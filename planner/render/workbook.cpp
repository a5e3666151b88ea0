// The only file that knows libxlsxwriter. It writes to a name: here to that of an open file without one.
#include "workbook.hpp"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <ctime>

#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/render/quote.hpp"
#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kLongestText = 8000;  // bytes; a cell holds 32,767 characters, and nobody reads as many

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void fail(const std::string& why) {
  throw DocumentError(Diagnostic{Severity::Error, "workbook", Origin{FileName("change-request.xlsx")},
                                 "the workbook cannot be made: " + why, "make room for temporary files"});
}

std::string shown(const std::string& text) {
  auto out = quote(valid_utf8(text), Syntax::Terminal);
  if (out.size() <= kLongestText) return out;
  auto end = kLongestText;
  while ((static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) --end;
  return out.substr(0, end) + "…";
}

lxw_datetime day(model::Date date) {
  lxw_datetime out{};
  out.year = date.year;
  out.month = date.month;
  out.day = date.day;
  return out;
}

}  // namespace

struct Workbook::Book {
  File file;
  lxw_workbook* book = nullptr;
  lxw_worksheet* sheet = nullptr;
  lxw_format* head = nullptr;
  lxw_format* text = nullptr;
  lxw_format* number = nullptr;
  lxw_format* date = nullptr;
  lxw_row_t rows = 0;
  lxw_col_t columns = 0;

  void end_sheet() {
    if (!sheet) return;
    const auto last = static_cast<lxw_col_t>(columns - 1);
    const auto end = rows > 1 ? rows - 1 : 1;
    worksheet_autofilter(sheet, 0, 0, end, last);
    worksheet_print_area(sheet, 0, 0, end, last);
    sheet = nullptr;
  }

  lxw_format* wrapped(const char* pattern) const {
    auto* format = workbook_add_format(book);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(format);
    if (pattern) format_set_num_format(format, pattern);
    return format;
  }
};

Workbook::Workbook(const std::string& title, model::Date created) : book_(std::make_unique<Book>()) {
  book_->file.reset(std::tmpfile());
  if (!book_->file) fail("there is no temporary file");
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  book_->book = workbook_new_opt(fmt::format("/proc/self/fd/{}", fileno(book_->file.get())).c_str(), &options);
  if (!book_->book) fail("there is no memory");
  std::tm day{};
  day.tm_year = created.year - 1900;
  day.tm_mon = created.month - 1;
  day.tm_mday = created.day;
  auto shown_title = shown(title);
  lxw_doc_properties properties{};
  properties.title = shown_title.data();
  properties.created = timegm(&day);
  workbook_set_properties(book_->book, &properties);
  book_->head = workbook_add_format(book_->book);
  format_set_bold(book_->head);
  format_set_text_wrap(book_->head);
  format_set_bottom(book_->head, LXW_BORDER_MEDIUM);
  book_->text = book_->wrapped("@");  // text, whatever it begins with
  book_->number = book_->wrapped("0");
  book_->date = book_->wrapped("yyyy-mm-dd");
}

Workbook::~Workbook() {
  if (book_->book) lxw_workbook_free(book_->book);
}

void Workbook::sheet(const std::string& name, const std::vector<Column>& columns) {
  book_->end_sheet();
  book_->sheet = workbook_add_worksheet(book_->book, name.c_str());
  if (!book_->sheet) fail("there is no temporary file");
  book_->columns = static_cast<lxw_col_t>(columns.size());
  lxw_col_t at = 0;
  for (const auto& column : columns) {
    worksheet_set_column(book_->sheet, at, at, column.width, nullptr);
    worksheet_write_string(book_->sheet, 0, at++, column.head.c_str(), book_->head);
  }
  book_->rows = 1;
  worksheet_freeze_panes(book_->sheet, 1, 1);
  worksheet_repeat_rows(book_->sheet, 0, 0);
  worksheet_set_landscape(book_->sheet);
  worksheet_set_paper(book_->sheet, 9);  // A4
  worksheet_fit_to_pages(book_->sheet, 1, 0);
  worksheet_set_footer(book_->sheet, "&L&A&RPage &P of &N");
}

void Workbook::row(const std::vector<Cell>& cells) {
  struct Write {
    Book& book;
    lxw_col_t column;
    void operator()(const std::string& text) const {
      if (!text.empty()) worksheet_write_string(book.sheet, book.rows, column, shown(text).c_str(), book.text);
    }
    void operator()(std::size_t n) const {
      worksheet_write_number(book.sheet, book.rows, column, static_cast<double>(n), book.number);
    }
    void operator()(model::Date date) const {
      auto moment = day(date);
      worksheet_write_datetime(book.sheet, book.rows, column, &moment, book.date);
    }
  };
  lxw_col_t column = 0;
  for (const auto& cell : cells) std::visit(Write{*book_, column++}, cell);
  ++book_->rows;
}

void Workbook::finish(const Put& put) {
  book_->end_sheet();
  const auto error = workbook_close(book_->book);
  book_->book = nullptr;
  if (error != LXW_NO_ERROR) fail(lxw_strerror(error));
  std::string piece(1U << 16U, '\0');
  auto* file = book_->file.get();
  std::rewind(file);
  while (const auto count = std::fread(piece.data(), 1, piece.size(), file))
    put(std::string_view(piece).substr(0, count));
  if (std::ferror(file)) fail("the temporary file cannot be read");
}

}  // namespace esx2esxi::render
