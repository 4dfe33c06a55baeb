-- A session of `alignlint lsp` in Neovim 0.7, without a window: open, see diagnostics, change, apply a fix, rename, save.
-- The settings are those of docs/editors.md. FOLDER is a repository that scene.py has built; tests/editors/run sets it.
local folder = vim.env.FOLDER
local decisions = folder .. '/governance/decisions.yaml'
local one_sided = 'decision/one-sided-supersede'

local function codes(buffer)
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    if it.severity ~= vim.diagnostic.severity.HINT then table.insert(found, it.code) end
  end
  table.sort(found)
  return table.concat(found, ' ')
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

local function wait(what, condition)
  if vim.wait(15000, condition, 20) then
    io.stdout:write('ok: ' .. what .. '\n')
    return
  end
  io.stdout:write('FAILED: ' .. what .. '; diagnostics: ' .. codes(0) .. '\n' .. text() .. '\n')
  vim.cmd('cquit 1')
end

local function sees(what, rules) wait(what, function() return codes(0) == rules end) end

-- The first choice, where a person would be asked.
vim.ui.select = function(items, _, choose) choose(items[1], 1) end

vim.cmd('edit ' .. vim.fn.fnameescape(decisions))
sees('diagnostics of an opened file', one_sided)
assert(vim.bo.fileformat == 'dos')

vim.cmd([[%s/owner: ada, sup/owner: bob, sup/]])
sees('another owner is unknown', one_sided .. ' ownership/unknown')
for _, it in ipairs(vim.diagnostic.get(0)) do
  -- Neovim counts bytes, the protocol units of UTF-16: the name stands behind two characters of four bytes and two units.
  local line = vim.api.nvim_buf_get_lines(0, it.lnum, it.lnum + 1, false)[1]
  if it.code == 'ownership/unknown' and line:sub(it.col + 1, it.end_col) ~= 'bob' then
    io.stdout:write('FAILED: underlined ' .. line:sub(it.col + 1, it.end_col) .. '\n')
    vim.cmd('cquit 1')
  end
end
vim.cmd('undo')
sees('it is known again', one_sided)

vim.fn.search('superseded')
vim.lsp.buf.code_action()
sees('the fix is applied', '')
assert(text():find('superseded%-by'), text())

vim.fn.cursor(1, 1)
vim.fn.search('D-1')
vim.lsp.buf.rename('D-9')
wait('the record is renamed', function() return select(2, text():gsub('D%-9', '')) == 2 end)
sees('without a finding', '')
vim.cmd('wall')
vim.lsp.stop_client(vim.lsp.get_active_clients())
vim.cmd('qall!')
